const MAX_PARTS = 1024;

/**
 * A text that arrives in parts. They are joined in blocks: kept one by one, parts of one letter take ninety
 * times the memory of the text.
 */
export class JoinedText {
	/** How many parts have come. */
	count = 0;
	private readonly blocks: string[] = [];
	private parts: string[] = [];

	add(part: string): void {
		this.count++;
		if (this.parts.push(part) < MAX_PARTS) return;
		this.blocks.push(this.parts.join(''));
		this.parts = [];
	}

	toString(): string {
		return [...this.blocks, ...this.parts].join('');
	}
}
