/**
 * Where machines in a cloud ask for their own credentials. n8n's SSRF protection blocks private networks
 * only where it is turned on; a link out of an answer never has a reason to lead here.
 */
const NAMES = new Set([
	'instance-data',
	'instance-data.ec2.internal',
	'metadata',
	'metadata.azure.internal',
	'metadata.goog',
	'metadata.google.internal',
	'metadata.tencentyun.com',
]);

/** Link-local (RFC 3927), Alibaba, Azure's wire server, Oracle (its older address). */
const IPV4 = /^(169\.254\.\d+\.\d+|100\.100\.100\.200|168\.63\.129\.16|192\.0\.0\.192)$/;

/**
 * Whether a URL's host is link-local or a known metadata service, by its name or in any spelling of its
 * address. URL has already written IPv4 with dots and IPv6 in its shortest form. What a name resolves to
 * is not known here.
 */
export function isMetadataHost(hostname: string): boolean {
	const name = hostname.toLowerCase().replace(/\.$/, '');
	if (!name.startsWith('[')) return NAMES.has(name) || IPV4.test(name);
	const groups = ipv6Groups(name.slice(1, -1));
	const first = groups[0] ?? 0;
	// fe80::/10 (RFC 4291, 2.5.6); AWS keeps its services at fd00:ec2::/32, Google at fd20:ce::254.
	if (first >= 0xfe80 && first <= 0xfebf) return true;
	if (first === 0xfd00 && groups[1] === 0xec2) return true;
	if (first === 0xfd20 && groups[1] === 0xce) return true;
	return embeddedIpv4(groups).some((address) => IPV4.test(address));
}

/** The eight groups of an address in its shortest form, without a zone. */
function ipv6Groups(address: string): number[] {
	const [front = '', back] = address.split('::');
	const numbers = (part: string): number[] =>
		part === '' ? [] : part.split(':').map((group) => parseInt(group, 16));
	const [before, after] = [numbers(front), numbers(back ?? '')];
	const missing = back === undefined ? 0 : 8 - before.length - after.length;
	return [...before, ...Array<number>(Math.max(0, missing)).fill(0), ...after];
}

/**
 * The IPv4 addresses that an IPv6 address may stand for: at its end when IPv4-mapped or -compatible
 * (RFC 4291, 2.5.5), translated (RFC 2765, 2.1) or in a NAT64 prefix (RFC 6052, RFC 8215), in its second
 * and third group in 6to4 (RFC 3056).
 */
function embeddedIpv4(groups: readonly number[]): string[] {
	const prefix = groups
		.slice(0, 6)
		.map((group) => group.toString(16))
		.join(':');
	const atEnd = /^0:0:0:0:(0|ffff|ffff:0):(0|ffff)$|^0:0:0:0:(0|ffff):0$|^64:ff9b:/.test(prefix);
	return [
		...(atEnd ? [dotted(groups[6], groups[7])] : []),
		...(groups[0] === 0x2002 ? [dotted(groups[1], groups[2])] : []),
	];
}

function dotted(high = 0, low = 0): string {
	return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}
