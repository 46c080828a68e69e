import type { Locator, Page } from 'playwright-core';

/** The chat window below the canvas of a workflow with a Chat Trigger. */
export class Chat {
	constructor(private readonly page: Page) {}

	async open(): Promise<void> {
		await this.page.getByTestId('workflow-chat-button').click();
		await this.input.waitFor();
	}

	/** Chooses a file to go along with the next message. */
	async attach(name: string, buffer: Buffer, mimeType: string): Promise<void> {
		const choosing = this.page.waitForEvent('filechooser');
		await this.window.getByTestId('chat-attach-file-button').click();
		await (await choosing).setFiles({ name, mimeType, buffer });
		await this.window.getByText(name).waitFor();
	}

	async send(text: string): Promise<void> {
		await this.input.fill(text);
		await this.input.press('Enter');
	}

	/** What the workflow has said so far, without the sign that it is still at it. */
	async answer(): Promise<string> {
		const said = this.window.locator('.chat-message-from-bot:not(.chat-message-typing)');
		return (await said.allInnerTexts()).join('\n').trim();
	}

	private get window(): Locator {
		return this.page.getByTestId('canvas-chat');
	}

	private get input(): Locator {
		return this.window.getByTestId('chat-input');
	}
}
