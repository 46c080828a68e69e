import type { Locator, Page } from 'playwright-core';

import { openList } from './NodePanel.mts';

/** Of a page that shows all of its fields at once, in pixels. */
const HIGH = 1080;

/** The dialog of one credential. */
export class CredentialDialog {
	constructor(private readonly page: Page) {}

	async fill(field: string, text: string): Promise<void> {
		await this.dialog.getByTestId(`parameter-input-${field}`).locator('input').fill(text);
	}

	/** Chooses from a field's list. */
	async choose(field: string, option: string): Promise<void> {
		const choice = this.page.getByTestId('parameter-input-item').filter({ visible: true });
		await openList(this.dialog.getByTestId(`parameter-input-${field}`), choice);
		await choice.getByText(option, { exact: true }).click();
	}

	/** All of it as a PNG, without the limit that n8n sets to its height. */
	async screenshot(file: string): Promise<void> {
		const size = this.page.viewportSize() ?? { width: HIGH, height: HIGH };
		await this.page.setViewportSize({ ...size, height: HIGH });
		await this.dialog.evaluate((dialog) => {
			dialog.style.setProperty('--dialog--max-height', '100%');
		});
		await this.dialog.screenshot({ path: file, animations: 'disabled' });
		await this.page.setViewportSize(size);
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
