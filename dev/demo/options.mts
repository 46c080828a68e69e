import { Command, Option } from 'commander';

export interface DemoOptions {
	provider: 'ai-chats' | 'openai-compatible';
	prompt: string;
	out: string;
	/** A real service instead of the local one. */
	baseUrl?: string;
	cookie?: string;
	apiKey?: string;
	model?: string;
	imageModel?: string;
	proxy?: string;
}

/** Reads the command line; prints help or what is wrong with it, and ends the process then. */
export function readOptions(commandLine: string[]): DemoOptions {
	return new Command('npm run demo --')
		.description(
			"Runs examples/chat-and-image.json on n8n's own engine: a model writes an image prompt, another draws it. Without --base-url everything stays on this machine, on a stand-in service.",
		)
		.addOption(
			new Option('--provider <name>', 'the kind of service')
				.choices(['ai-chats', 'openai-compatible'])
				.default('ai-chats'),
		)
		.option('--prompt <text>', 'what to chat about and draw', 'a lighthouse at dusk')
		.option('--out <directory>', 'where to write the image', 'output')
		.option('--base-url <url>', 'a real service instead of the local one')
		.option('--cookie <cookie>', 'your own session cookie for an Ai-Chats service')
		.option('--api-key <key>', 'your key for an OpenAI-compatible server')
		.option('--model <id>', 'the model that chats, on an OpenAI-compatible server')
		.option('--image-model <id>', 'the model that draws there')
		.option('--proxy <url>', 'HTTP proxy, e.g. http://user:password@host:8080')
		.parse(commandLine)
		.opts<DemoOptions>();
}
