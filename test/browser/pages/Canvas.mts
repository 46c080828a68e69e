import type { Locator, Page } from 'playwright-core';

/** The workflow that is edited. */
export class Canvas {
	constructor(
		private readonly page: Page,
		private readonly url: string,
	) {}

	async openNew(): Promise<void> {
		await this.page.goto(`${this.url}/workflow/new`);
		await this.page.getByTestId('canvas-add-button').waitFor();
	}

	async open(id: string): Promise<void> {
		await this.page.goto(`${this.url}/workflow/${id}`);
		await this.nodes.first().waitFor();
	}

	/** By the first step of an empty workflow, or by the plus above a full one. */
	async openNodeCreator(): Promise<void> {
		const plus = this.page.getByTestId('node-creator-plus-button');
		await this.page.getByTestId('canvas-add-button').or(plus).first().click();
	}

	async openNode(name: string): Promise<void> {
		await this.node(name).dblclick();
		await this.page.getByTestId('ndv').waitFor();
	}

	/** Runs the workflow, and waits until it has ended well. */
	async execute(lastNode: string): Promise<void> {
		await this.start();
		await this.succeeded(lastNode);
	}

	/** Runs the workflow. */
	async start(): Promise<void> {
		await this.page.getByTestId('execute-workflow-button').click();
	}

	/** Waits until the node is at work. */
	async running(name: string): Promise<void> {
		await this.node(name).locator('[class*="_running_"]').first().waitFor();
	}

	/** Waits until the node has ended well. */
	async succeeded(name: string): Promise<void> {
		await this.node(name).getByTestId('canvas-node-status-success').waitFor();
	}

	/** Makes all of the workflow visible. */
	async fit(): Promise<void> {
		await this.page.getByTestId('zoom-to-fit').click();
	}

	async nodeNames(): Promise<string[]> {
		return await this.nodes.evaluateAll((nodes) =>
			nodes.map((node) => node.getAttribute('data-node-name') ?? ''),
		);
	}

	/** The image of a node: the file, and its width once it is drawn, in pixels. */
	async icon(name: string): Promise<{ file: string; width: number }> {
		return await this.node(name)
			.locator('img')
			.first()
			.evaluate((image: HTMLImageElement) => ({
				file: new URL(image.src).pathname.split('/').at(-1) ?? '',
				width: image.complete ? image.naturalWidth : 0,
			}));
	}

	private get nodes(): Locator {
		return this.page.getByTestId('canvas-node');
	}

	private node(name: string): Locator {
		return this.page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`);
	}
}
