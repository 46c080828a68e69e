import { expect } from 'vitest';

import { bytesOf, typeOf } from '../support/png.mts';
import { fetchImage } from '../support/requests.mts';
import { lastRequest } from '../support/service.mts';
import type { Checks } from './check.mts';

export const imageFaultChecks: Checks = {
	'wrong-type': async (service) => {
		const answer = await fetchImage(service, 'a [[wrong-type]]');
		expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html']);
		expect(await answer.text()).toMatch(/^<!DOCTYPE html>/);
	},
	svg: async (service) => {
		const answer = await fetchImage(service, 'a [[svg]]');
		expect(answer.headers.get('content-type')).toBe('image/svg+xml');
		expect(await answer.text()).toMatch(/^<svg/);
	},
	expired: async (service) => {
		const answer = await fetchImage(service, 'a [[expired]]');
		expect(answer.status).toBe(403);
		expect(lastRequest(service)).toMatchObject({ origin: 'images', fault: 'expired' });
	},
	gone: async (service) => {
		expect((await fetchImage(service, 'a [[gone]]')).status).toBe(404);
	},
	'no-image': async (service) => {
		const answer = await fetchImage(service, 'a [[no-image]]');
		expect(answer.headers.get('content-type')).toBe('image/png');
		expect((await bytesOf(answer)).length).toBe(0);
	},
	mislabelled: async (service) => {
		const answer = await fetchImage(service, 'a [[mislabelled]] [[size width=64 height=64]]');
		expect(answer.headers.get('content-type')).toBe('image/png');
		expect(typeOf(await bytesOf(answer))).toBe('jpeg');
	},
	'image-redirect': async (service) => {
		for (const origin of ['service', 'images'] as const) {
			const answer = await fetchImage(service, `a [[image-redirect to=${origin} code=302]]`);
			expect(typeOf(await bytesOf(answer))).toBe('png');
			expect(lastRequest(service)).toMatchObject({ origin, method: 'GET' });
		}
		const prompt = 'a [[image-redirect to=file]]';
		const answer = await fetchImage(service, prompt, { redirect: 'manual' });
		expect(answer.headers.get('location')).toBe('file:///etc/hostname');
		await expect(fetchImage(service, 'a [[image-redirect to=loop]]')).rejects.toThrow();
	},
};
