/** Names and terms that are no English words, but right where they stand in our texts. */
export const DICTIONARY: readonly string[] = [
	...words(
		"Ai AiChats aichats Api cpp DALL Databricks g4f Groq Kimi LangChain LiteLLM LM LocalAI Modelfile OpenRouter Portkey Portkey's SGLang vLLM WAV WebP xAI",
	),
	...words(
		'AVIF axios Base64 captcha CommonJS dalle devDependency EPERM ESM eslint hd http js json KB libuv MB md npx pooler resumable SIGTERM SSRF sub-node sub-nodes typescript-eslint undici unescaped v1 vitest',
	),
	...words('approvePermissions'),
];

function words(list: string): string[] {
	return list.split(' ');
}
