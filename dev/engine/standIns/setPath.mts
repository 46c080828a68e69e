import type { GenericValue, IDataObject } from 'n8n-workflow';

/** Sets `a.b` as n8n's dot notation does: inside the object `a`, which is made if missing. */
export function setPath(target: IDataObject, path: string, value: unknown): IDataObject {
	const keys = path.split('.');
	const last = keys.pop() ?? path;
	let parent = target;
	for (const key of keys) {
		const child = parent[key];
		parent[key] = typeof child === 'object' && child !== null ? child : {};
		parent = parent[key] as IDataObject;
	}
	parent[last] = value as GenericValue;
	return target;
}
