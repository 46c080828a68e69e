import type { RecordedRequest } from './recordedRequest.mts';

/** One line for one finished request. No header and no body is written, so no secret is. */
export function accessLine(record: RecordedRequest, status: number): string {
	const milliseconds = (record.endedAt ?? record.startedAt) - record.startedAt;
	const parts = [
		new Date(record.startedAt).toISOString().slice(11, 23),
		record.origin,
		record.method,
		maskQuery(record.path),
		String(status),
		`${milliseconds} ms`,
		record.finished ?? '',
	];
	if (record.fragmentsSent > 0) parts.push(`${record.fragmentsSent} fragments`);
	if (record.fault) parts.push(`fault=${record.fault}`);
	return parts.filter(Boolean).join(' ');
}

function maskQuery(path: string): string {
	return path.replace(/([?&][^=&]*(?:key|token|secret)[^=&]*=)[^&]*/gi, '$1***');
}
