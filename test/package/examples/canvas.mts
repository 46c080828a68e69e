import type { IConnections, INode } from 'n8n-workflow';

import type { Example } from '../../../dev/examples.mts';

/** A rectangle of the canvas, in its pixels; y grows downwards. */
export interface Box {
	name: string;
	left: number;
	top: number;
	right: number;
	bottom: number;
}

const SIZE = 96;
/** A node that sub-nodes can be connected to is wider, and has its name inside. */
const ROOT_WIDTH = 224;
const SUB_NODE = 80;
/** Names stand below a node, centred; so do the inputs for sub-nodes. */
const LABEL = { width: 192, height: 64 };

/** What n8n's editor draws for each node, its name included; measured in n8n 2.41.1. */
export function boxes({ nodes, connections }: Example): Box[] {
	return nodes.map((node) => {
		const { name, parameters } = node;
		if (isNote(node)) {
			return box(node, Number(parameters['width']), Number(parameters['height']));
		}
		if (isRoot(node, connections)) return box(node, ROOT_WIDTH, SIZE + LABEL.height);
		const size = Object.keys(connections[name] ?? {}).some(isForSubNodes) ? SUB_NODE : SIZE;
		const [x, y] = node.position;
		const left = x + size / 2 - LABEL.width / 2;
		return { name, left, top: y, right: left + LABEL.width, bottom: y + size + LABEL.height };
	});
}

/** Pairs of names whose boxes lie on one another. */
export function overlaps(all: readonly Box[]): string[] {
	return all.flatMap((one, index) =>
		all
			.slice(index + 1)
			.filter((other) => one.left < other.right && other.left < one.right)
			.filter((other) => one.top < other.bottom && other.top < one.bottom)
			.map((other) => `${one.name} / ${other.name}`),
	);
}

/** Main connections that do not lead to the right. */
export function backwards({ nodes, connections }: Example): string[] {
	const places = new Map(nodes.map(({ name, position }) => [name, position[0]]));
	return Object.entries(connections).flatMap(([from, { main = [] }]) =>
		main
			.flatMap((targets) => targets ?? [])
			.filter(({ node }) => (places.get(node) ?? 0) < (places.get(from) ?? 0) + SIZE)
			.map(({ node }) => `${from} / ${node}`),
	);
}

export function isNote({ type }: INode): boolean {
	return type === 'n8n-nodes-base.stickyNote';
}

/** Whether it has inputs for sub-nodes: a memory for Chat, or those that are connected. */
function isRoot({ name, type, parameters }: INode, connections: IConnections): boolean {
	if (type === 'n8n-nodes-aichats.aiChats') return parameters['operation'] !== 'image';
	return Object.values(connections).some((outputs) =>
		Object.entries(outputs)
			.filter(([kind]) => isForSubNodes(kind))
			.some(([, targets]) => targets.flat().some((target) => target?.node === name)),
	);
}

function isForSubNodes(kind: string): boolean {
	return kind.startsWith('ai_');
}

function box({ name, position: [left, top] }: INode, width: number, height: number): Box {
	return { name, left, top, right: left + width, bottom: top + height };
}
