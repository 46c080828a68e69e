/** Tells what is going on, without getting into what is written to standard output. */
export class Progress {
	private readonly started = Date.now();

	say(what: string): void {
		const seconds = Math.round((Date.now() - this.started) / 1000);
		const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
		if (process.stderr.isTTY) {
			// One line, written over.
			process.stderr.write(`\r\u001b[K${clock} ${what}`.slice(0, process.stderr.columns + 4));
		} else process.stderr.write(`${clock} ${what}\n`);
	}

	end(): void {
		if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
	}
}
