import type { StreamFormat } from '../faults/streamQuirks.mts';

/** One event of a stream, with whatever the format puts around it. */
export function frameEvent(payload: string, format: StreamFormat, number: number): string {
	const { lineEnd } = format;
	let text = '';
	if (format.comments) text += `: ping ${number}${lineEnd}${lineEnd}`;
	if (format.emptyData) text += `data:${number % 2 ? '' : ' '}${lineEnd}${lineEnd}`;
	if (format.fields) text += `event: message${lineEnd}id: ${number}${lineEnd}retry: 1000${lineEnd}`;
	return text + dataPrefix(payload, format) + payload + lineEnd + lineEnd;
}

// Without the space, a payload's own first space would be taken for it.
export function dataPrefix(payload: string, format: StreamFormat): string {
	return format.spaceAfterColon || payload.startsWith(' ') ? 'data: ' : 'data:';
}
