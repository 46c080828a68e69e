import type { Page } from 'playwright-core';

import { Canvas } from './Canvas.mts';
import { Chat } from './Chat.mts';
import { CredentialDialog } from './CredentialDialog.mts';
import { NodeCreator } from './NodeCreator.mts';
import { NodePanel } from './NodePanel.mts';
import { Output } from './Output.mts';
import { SignIn } from './SignIn.mts';

/** n8n's editor in one page of a browser. */
export class Editor {
	readonly signIn: SignIn;
	readonly canvas: Canvas;
	readonly nodeCreator: NodeCreator;
	readonly node: NodePanel;
	readonly output: Output;
	readonly credential: CredentialDialog;
	readonly chat: Chat;

	constructor(
		readonly page: Page,
		private readonly url: string,
	) {
		this.signIn = new SignIn(page);
		this.canvas = new Canvas(page, url);
		this.nodeCreator = new NodeCreator(page);
		this.node = new NodePanel(page);
		this.output = new Output(page);
		this.credential = new CredentialDialog(page);
		this.chat = new Chat(page);
	}

	async open(): Promise<void> {
		await this.page.goto(this.url);
	}

	/** Everything that can be read on the page. */
	async text(): Promise<string> {
		return await this.page.locator('body').innerText();
	}

	/** The page as a PNG, without n8n's notices. @param file where it is kept, if it is */
	async screenshot(file?: string): Promise<Buffer> {
		const notices = this.page.getByRole('alert');
		for (const notice of await notices.all()) {
			await notice.locator('.el-notification__closeBtn').click();
		}
		await notices.first().waitFor({ state: 'hidden' });
		await this.page.mouse.move(0, 0);
		const place = file === undefined ? {} : { path: file };
		return await this.page.screenshot({ ...place, animations: 'disabled' });
	}
}
