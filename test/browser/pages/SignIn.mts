import type { Page } from 'playwright-core';

export class SignIn {
	constructor(private readonly page: Page) {}

	/** Whether n8n asks who it is. */
	async isShown(): Promise<boolean> {
		return await this.page.getByTestId('signin-form').isVisible();
	}

	/** Fills in the form, and waits until n8n has let the user in. */
	async signIn({ email, password }: { email: string; password: string }): Promise<void> {
		await this.page.getByTestId('emailOrLdapLoginId').locator('input').fill(email);
		await this.page.getByTestId('password').locator('input').fill(password);
		await this.page.getByTestId('form-submit-button').click();
		await this.page.waitForURL((url) => !url.pathname.startsWith('/signin'));
	}
}
