import type { Locator, Page } from 'playwright-core';

const TRIES = 10;
/** How long a list may take to show, in ms. */
const PATIENCE = 3_000;

/**
 * Clicks on a field until its list shows. While a panel settles, n8n takes a click for the end of the field
 * that was used before, and shows no list.
 */
export async function openList(field: Locator, list: Locator): Promise<void> {
	for (let tries = 1; ; tries++) {
		await field.click();
		try {
			return await list.first().waitFor({ timeout: PATIENCE });
		} catch (error) {
			if (tries === TRIES) throw error;
		}
	}
}

/** A node's parameters, between its input and its output. */
export class NodePanel {
	constructor(private readonly page: Page) {}

	async close(): Promise<void> {
		await this.page.getByTestId('ndv-close-button').click();
		await this.panel.waitFor({ state: 'hidden' });
	}

	/** What can be read in it. */
	async text(): Promise<string> {
		return await this.panel.innerText();
	}

	/** The labels of its fields, from the top. */
	async labels(): Promise<string[]> {
		const parameters = this.panel.getByTestId('node-parameters');
		const labels = await parameters.locator('label').filter({ visible: true }).allInnerTexts();
		// Beside a label, n8n hides a switch to expressions.
		return labels.map((label) => label.trim().split('\n')[0] ?? '').filter(Boolean);
	}

	/** The labels of what can be connected below it. */
	async inputs(): Promise<string[]> {
		const groups = this.page.locator('[data-test-id^="subnode-connection-group-"]');
		return (await groups.allInnerTexts()).map((label) => label.trim());
	}

	/** Chooses from a field's list. */
	async choose(parameter: string, option: string): Promise<void> {
		const choice = this.page.getByTestId('parameter-input-item').filter({ visible: true });
		await openList(this.field(parameter), choice);
		await choice.filter({ hasText: option }).click();
	}

	async fill(parameter: string, text: string): Promise<void> {
		await this.field(parameter).locator('textarea, input').fill(text);
	}

	/** What the model field shows: the chosen model, or the one that is used otherwise. */
	async model(): Promise<string> {
		const input = this.panel.getByTestId('rlc-input');
		return (await input.inputValue()) || ((await input.getAttribute('placeholder')) ?? '');
	}

	/** Opens the list of models, and waits until the service has answered. */
	async listModels(): Promise<void> {
		await openList(this.panel.getByTestId('rlc-input'), this.listed);
	}

	/** The names in the list that is open. */
	async models(): Promise<string[]> {
		return await this.listed.allInnerTexts();
	}

	/** Chooses from the list that is open. */
	async chooseModel(name: string): Promise<void> {
		await this.listed.filter({ has: this.page.getByText(name, { exact: true }) }).click();
	}

	async credential(): Promise<string> {
		return await this.credentials.locator('input').first().inputValue();
	}

	async chooseCredential(name: string): Promise<void> {
		const label = this.page.getByText(name, { exact: true });
		const option = this.page.getByRole('option').filter({ visible: true, has: label });
		await openList(this.credentials.locator('input').first(), option);
		await option.click();
	}

	/** Opens the dialog for another credential of the type that the node wants. */
	async createCredential(): Promise<void> {
		const create = this.page.getByTestId('node-credentials-select-item-new');
		await openList(this.credentials.locator('input').first(), create.filter({ visible: true }));
		await create.filter({ visible: true }).click();
	}

	/** Executes the step. What comes out is in the output. */
	async execute(): Promise<void> {
		await this.panel.getByTestId('node-execute-button').click();
	}

	private get panel(): Locator {
		return this.page.getByTestId('ndv');
	}

	private get credentials(): Locator {
		return this.panel.getByTestId('node-credentials-select');
	}

	private get listed(): Locator {
		return this.page.getByTestId('rlc-item').filter({ visible: true });
	}

	private field(parameter: string): Locator {
		return this.panel.getByTestId(`parameter-input-${parameter}`);
	}
}
