import type { StructuredChunk } from 'n8n-workflow';

/** What the demo shows while the workflow runs. */
export class Screen {
	private timer: NodeJS.Timeout | undefined;
	/** In how many pieces the text came. */
	fragments = 0;

	constructor(private readonly stream: NodeJS.WriteStream = process.stdout) {}

	line(text: string): void {
		this.stream.write(`${text}\n`);
	}

	/** The answer as it streams. */
	chunk({ type, content }: StructuredChunk): void {
		if (type === 'item') {
			this.fragments++;
			this.stream.write(content ?? '');
		} else if (type === 'end') this.line('\n');
	}

	/** A running clock behind a text; on a plain stream only the text. */
	startClock(text: string): void {
		const started = Date.now();
		if (!this.stream.isTTY) return this.line(`${text} ...`);
		const show = () => {
			const seconds = ((Date.now() - started) / 1000).toFixed(1);
			this.stream.write(`\r${text} ... ${seconds} s`);
		};
		show();
		this.timer = setInterval(show, 100);
	}

	stopClock(): void {
		if (this.timer === undefined) return;
		clearInterval(this.timer);
		this.timer = undefined;
		this.stream.write('\n');
	}
}
