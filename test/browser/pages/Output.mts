import type { Locator, Page } from 'playwright-core';

/** What a node has put out, beside its parameters. */
export class Output {
	constructor(private readonly page: Page) {}

	/** Waits until the step has succeeded. */
	async succeeded(): Promise<void> {
		await this.panel.getByTestId('node-run-status-success').waitFor();
	}

	async text(): Promise<string> {
		return await this.panel.innerText();
	}

	/** What the user reads about its failure; waits until there is one. */
	async error(): Promise<{ message: string; description: string }> {
		const message = await this.panel.getByTestId('node-error-message').innerText();
		const description = await this.panel.getByTestId('node-error-description').innerText();
		return { message: message.trim(), description: description.trim() };
	}

	/** Shows the fields: of items with files, n8n shows the files first. */
	async viewTable(): Promise<void> {
		await this.panel.getByTestId('radio-button-table').click();
	}

	/** Shows the file of the first item. */
	async viewFile(): Promise<void> {
		await this.panel.getByTestId('ndv-view-binary-data').first().click();
	}

	/** Size of the image that is shown, in pixels; zeros until it is decoded. */
	async image(): Promise<{ width: number; height: number }> {
		return await this.shownImage.evaluate(({ naturalWidth, naturalHeight }: HTMLImageElement) => ({
			width: naturalWidth,
			height: naturalHeight,
		}));
	}

	/** The file of the image that is shown, as the browser gets it. */
	async imageFile(): Promise<Buffer> {
		const bytes = await this.shownImage.evaluate(async ({ src }: HTMLImageElement) => {
			const response = await fetch(src);
			return [...new Uint8Array(await response.arrayBuffer())];
		});
		return Buffer.from(bytes);
	}

	private get shownImage(): Locator {
		return this.panel.getByTestId('ndv-data-container').locator('img');
	}

	private get panel(): Locator {
		return this.page.getByTestId('output-panel');
	}
}
