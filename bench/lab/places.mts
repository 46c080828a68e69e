import type { INode } from 'n8n-workflow';

import { CERTIFICATE } from '../../test/support/tls/certificate.mts';
import type { Recipe } from '../workflows/node.mts';
import { ServiceProcess, type ServiceSettings } from './ServiceProcess.mts';

/** How far away `far` is, in ms of round-trip time. */
export const ROUND_TRIP = 30;

/** What `limited` allows. */
export const LIMIT = { requests: 5, milliseconds: 1000 };

/** Where stand-in services are: next door, behind HTTPS and a long line, and next door with a limit. */
const SETTINGS = {
	here: {},
	far: { tls: CERTIFICATE, roundTrip: ROUND_TRIP },
	limited: { limit: { ...LIMIT, headers: ['retry-after'] } },
} satisfies Record<string, ServiceSettings>;

export type Place = keyof typeof SETTINGS;

export const PLACES = Object.keys(SETTINGS) as Place[];

export async function startServices(): Promise<Record<Place, ServiceProcess>> {
	const start = async (place: Place) => await ServiceProcess.start(SETTINGS[place]);
	return {
		here: await start('here'),
		far: await start('far'),
		limited: await start('limited'),
	};
}

export async function closeServices(services: Record<Place, ServiceProcess>): Promise<void> {
	await Promise.all(Object.values(services).map(async (service) => await service.close()));
}

/** Each place has credentials of its own. */
export function credentialName(type: string, place: Place): string {
	return place === 'here' ? type : `${type}, ${place}`;
}

/** The same recipe with the credentials of another place. */
export function recipeAt(place: Place, { model, ...recipe }: Recipe): Recipe {
	const moved = (node: INode): INode => {
		const types = Object.keys(node.credentials ?? {});
		if (types.length === 0) return node;
		const named = types.map((type) => [type, { id: null, name: credentialName(type, place) }]);
		return { ...node, credentials: Object.fromEntries(named) as INode['credentials'] & object };
	};
	const nodes = recipe.nodes.map(moved);
	return { ...recipe, nodes, ...(model === undefined ? {} : { model: moved(model) }) };
}
