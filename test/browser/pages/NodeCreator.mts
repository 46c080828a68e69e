import type { Locator, Page } from 'playwright-core';

/** Where on the canvas a node is dropped, in pixels from its corner. */
const TARGET = { x: 300, y: 200 };

/** The list of all nodes that n8n has. */
export class NodeCreator {
	constructor(private readonly page: Page) {}

	async search(words: string): Promise<void> {
		await this.panel.getByTestId('node-creator-search-bar').fill(words);
	}

	/** Names of what is listed. */
	async names(): Promise<string[]> {
		return await this.panel.getByTestId('node-creator-item-name').allInnerTexts();
	}

	/** Shows what a node can do. */
	async openNode(name: string): Promise<void> {
		await this.entry(name).click();
	}

	async addAction(name: string): Promise<void> {
		await this.entry(name).click();
	}

	async dragAction(name: string): Promise<void> {
		const canvas = this.page.getByTestId('canvas');
		await this.entry(name).dragTo(canvas, { targetPosition: TARGET });
	}

	private get panel(): Locator {
		return this.page.getByTestId('node-creator');
	}

	private entry(name: string): Locator {
		const label = this.page.getByTestId('node-creator-item-name').getByText(name, { exact: true });
		return this.panel.getByTestId('item-iterator-item').filter({ has: label });
	}
}
