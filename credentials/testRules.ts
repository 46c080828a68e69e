const ERROR_STATUSES = { first: 400, last: 599 };

/** Every error status but these: with them, a server shows that it knows the request. */
export function failuresBut(...expected: number[]): number[] {
	const { first, last } = ERROR_STATUSES;
	const all = Array.from({ length: last - first + 1 }, (_, index) => first + index);
	return all.filter((status) => !expected.includes(status));
}

/** A web page, told by its first character: n8n's test rules look only at the keys of a body. */
export const WEB_PAGE_RULE = {
	type: 'responseSuccessBody' as const,
	properties: { key: '0', value: '<', message: '' },
};
