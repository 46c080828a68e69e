import { expect, test } from 'vitest';

import { failuresBut, WEB_PAGE_RULE } from './common.ts';

test('every error status fails but those expected', () => {
	const failures = failuresBut(400, 422);
	expect(failures).toHaveLength(198);
	expect([400, 422, 200, 302, 399, 600].some((status) => failures.includes(status))).toBe(false);
	expect([401, 404, 429, 500, 599].every((status) => failures.includes(status))).toBe(true);
});

test('a web page is told by its first character', () => {
	const { key, value } = WEB_PAGE_RULE.properties;
	expect(Reflect.get(Object('<!doctype html>'), key)).toBe(value);
	expect(Reflect.get(Object('data: Hi'), key)).not.toBe(value);
	expect(Reflect.get({ data: [] }, key)).not.toBe(value);
});
