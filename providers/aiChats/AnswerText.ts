/**
 * The text of an answer out of its fragments, as they come: the characters `\n` become line breaks
 * (also when they are split between two fragments) and the ends of the whole text are trimmed, for
 * which white space waits until text follows it.
 */
export class AnswerText {
	private waitingSpace: string[] = [];
	private waitingBackslash = '';
	private begun = false;

	/** The text that this fragment makes certain; empty when nothing is. */
	push(fragment: string): string {
		const text = (this.waitingBackslash + fragment).replaceAll('\\n', '\n');
		this.waitingBackslash = text.endsWith('\\') ? '\\' : '';
		const complete = text.slice(0, text.length - this.waitingBackslash.length);
		const visible = this.begun ? complete : complete.trimStart();
		const certain = visible.trimEnd();
		const space = visible.slice(certain.length);
		if (certain !== '') return this.takeSpace(space) + certain;
		if (space !== '') this.waitingSpace.push(space);
		return '';
	}

	/** What is certain only now that the text is over: a backslash at its end. */
	finish(): string {
		return this.waitingBackslash === '' ? '' : this.takeSpace('') + this.waitingBackslash;
	}

	private takeSpace(next: string): string {
		const space = this.waitingSpace.join('');
		this.waitingSpace = next === '' ? [] : [next];
		this.begun = true;
		return space;
	}
}
