import type { Locator } from 'playwright-core';

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
