/** HTML pages as proxies and guards in front of a service show them. */
export const captchaPage = page(
	'Just a moment...',
	'<form id="challenge-form"><h1>Please complete the captcha</h1><div class="captcha"></div></form>',
);

export const checkingPage = page(
	'Just a moment...',
	'<h1>Checking your browser before accessing this site.</h1><p>This is automatic.</p>',
);

export const missingPicturePage = page(
	'OpenedImage not available',
	'<h1>This image is no longer available</h1>',
);

export function statusPage(status: number): string {
	return page(`${status}`, `<h1>${status}</h1><hr><center>nginx</center>`);
}

function page(title: string, body: string): string {
	return `<!DOCTYPE html>\n<html><head><title>${title}</title></head><body>${body}</body></html>\n`;
}
