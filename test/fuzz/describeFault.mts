import type { Fault } from './campaign.mts';

/** What to know of a fault to find it again. */
export function describeFault({ fault, shrunk }: Fault): string {
	const { seed, recording, done, status, headers, body, breaksAfter } = shrunk;
	return [
		`Seed ${seed}: ${recording} ${fault}`,
		`  done: ${done.join(', ')}; status ${status}; breaks after ${breaksAfter ?? '-'}`,
		`  headers: ${JSON.stringify(headers)}`,
		`  body, shrunk to ${body.length} bytes: ${JSON.stringify(Buffer.from(body).toString('latin1').slice(0, 1500))}`,
	].join('\n');
}
