/** An object that throws on the use of anything that was not declared for it. */
export function strict<T extends object>(name: string, declared: Record<string, unknown>): T {
	return new Proxy(declared, {
		get(target, key) {
			if (typeof key === 'symbol' || key in target) return Reflect.get(target, key) as unknown;
			throw new Error(`${name}.${key} is used but was not declared`);
		},
	}) as T;
}

export const NODE = {
	id: '6bd7f4e0-1d6f-4b6e-8d8e-0a4f9c9d1a11',
	name: 'AiChats',
	type: 'n8n-nodes-aichats.aiChats',
	typeVersion: 1,
	position: [0, 0] as [number, number],
	parameters: {},
};
