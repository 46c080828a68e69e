import type { Locator, Page } from 'playwright-core';

/** The dialog of one credential. */
export class CredentialDialog {
	constructor(private readonly page: Page) {}

	async fill(field: string, text: string): Promise<void> {
		await this.dialog.getByTestId(`parameter-input-${field}`).locator('input').fill(text);
	}

	/** Saves, and lets n8n test the connection. */
	async save(): Promise<void> {
		await this.dialog.getByTestId('credential-save-button').click();
	}

	/** Lets n8n test what is filled in now. */
	async testAgain(): Promise<void> {
		await this.dialog.getByRole('button', { name: 'Retry' }).filter({ visible: true }).click();
	}

	/** Waits until the test has failed, and opens what n8n says about it. */
	async showFailure(): Promise<void> {
		await this.dialog.getByText('More details').filter({ visible: true }).click();
	}

	/** Waits until the test has succeeded. */
	async success(): Promise<void> {
		await this.dialog.getByText('Connection tested successfully').waitFor();
	}

	/** Everything that can be read in it. */
	async text(): Promise<string> {
		return await this.dialog.innerText();
	}

	/** Waits until it is gone: n8n closes it when all is well. */
	async closed(): Promise<void> {
		await this.dialog.waitFor({ state: 'hidden' });
	}

	private get dialog(): Locator {
		return this.page.getByTestId('editCredential-modal');
	}
}
