import { numberParameter, type Directive } from '../directives/directive.mts';
import type { Exchange } from '../exchange.mts';

/** Where a redirected request arrives a second time, it is answered. */
export const landedMark = 'redirected=1';

export function sendRedirect(exchange: Exchange, directive: Directive): void {
	const code = numberParameter(directive, 'code') ?? 307;
	const location = locationOf(exchange, directive.parameters['to'] ?? 'same');
	exchange.raw.writeHead(code, { location, 'content-length': 0 }).end();
}

function locationOf(exchange: Exchange, target: string): string {
	const { service } = exchange;
	const path = exchange.record.path.split('?')[0] ?? '/';
	const origins: Record<string, string> = {
		same: '',
		service: service.url,
		images: service.picturesUrl,
	};
	if (target === 'file') return 'file:///etc/hostname';
	if (target === 'loop') return `${path}?redirected=loop`;
	return `${origins[target] ?? ''}${path}?${landedMark}`;
}
