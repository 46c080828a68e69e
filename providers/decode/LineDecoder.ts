import { LineReader } from './LineReader';

/** Bytes to lines, without their ends. */
export class LineDecoder extends LineReader<string> {
	protected readLines(text: string, lines: string[]): void {
		let start = 0;
		for (let end = text.indexOf('\n', start); end >= 0; end = text.indexOf('\n', start)) {
			lines.push(text.slice(start, end));
			start = end + 1;
		}
	}
}
