import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { trackedFiles } from '../../dev/trackedFiles.mts';
import type { Text } from './checkText.mts';

interface Workflow {
	nodes?: Array<{ name: string; type: string; parameters?: { content?: string } }>;
}

/** Written by a program, full of names of packages and versions. */
const GENERATED = [':!docs/performance.md'];
/** What a program has written into a page that is otherwise ours. */
const GENERATED_PARTS = /<!-- (\w+): begin -->[\s\S]*?<!-- \1: end -->/g;

/** Every Markdown file but the licence, whose words are not ours, and the sticky notes of the examples. */
export async function documentTexts(root: string): Promise<Text[]> {
	const documents = await trackedFiles(root, '*.md', ':!LICENSE.md', ...GENERATED);
	const examples = await trackedFiles(root, 'examples/*.json');
	const pages = documents.map(async (name) => [
		asText(name, withoutGenerated(await readFile(path.join(root, name), 'utf8'))),
	]);
	const notes = examples.map(async (name) => {
		const workflow = JSON.parse(await readFile(path.join(root, name), 'utf8')) as Workflow;
		return stickyNotes(workflow).map((note) => asText(`${name} ${note.name}`, note.content));
	});
	return (await Promise.all([...pages, ...notes])).flat();
}

/** Empty lines stay, so that a mistake is told with its line. */
function withoutGenerated(page: string): string {
	return page.replace(GENERATED_PARTS, (part) => part.replace(/[^\n]/g, ''));
}

function stickyNotes({ nodes = [] }: Workflow): Array<{ name: string; content: string }> {
	return nodes
		.filter(({ type }) => type === 'n8n-nodes-base.stickyNote')
		.map(({ name, parameters }) => ({ name, content: parameters?.content ?? '' }));
}

function asText(place: string, content: string): Text {
	return { place, content, language: 'markdown', dialect: 'British' };
}
