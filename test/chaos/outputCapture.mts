const METHODS = ['log', 'info', 'warn', 'error', 'debug'] as const;

/** Runs something, and gives with its result all that was printed meanwhile. */
export async function captureOutput<T>(
	work: () => Promise<T>,
): Promise<{ result: T; output: string }> {
	const printed: string[] = [];
	const take = (...words: unknown[]) => {
		printed.push(words.map(String).join(' '));
		return true;
	};
	const consoleMethods = METHODS.map((name) => [name, console[name]] as const);
	const streams = [process.stdout, process.stderr].map((stream) => [stream, stream.write] as const);
	for (const name of METHODS) console[name] = take;
	for (const [stream] of streams) stream.write = take as typeof stream.write;
	try {
		return { result: await work(), output: printed.join('\n') };
	} finally {
		for (const [name, method] of consoleMethods) console[name] = method;
		for (const [stream, write] of streams) stream.write = write;
	}
}
