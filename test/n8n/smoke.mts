import { createRequire } from 'node:module';
import type { NodeError } from 'n8n-workflow';
import { expect, it } from 'vitest';

import { installN8n } from '../../dev/n8n/installation.mts';
import { AI_CHATS, type Lab } from '../../dev/n8n/Lab.mts';
import { basicLlmChain, chatModel, chatNode, imageNode } from './aiWorkflows.mts';
import { createChatAndImage, expectChatAndImage } from './chatAndImage.mts';
import { CREDENTIALS, loadedNames, NODES, TOOL } from './loaded.mts';
import { itemsOf, run } from './runs.mts';
import { useLab } from './useLab.mts';
import { chain, manualTrigger, subNode, workflow } from './workflows.mts';

/**
 * The tests of what must work in every n8n that the package supports.
 *
 * @param version of n8n; the pinned one if undefined
 */
export function smoke(part: string, version: string | undefined): void {
	const lab = useLab(part, { version });

	it('has its nodes and credentials', async () => {
		const { nodes, credentials } = await loadedNames(lab().client);
		expect(nodes).toEqual(expect.arrayContaining([...NODES, TOOL]));
		expect(credentials).toEqual(CREDENTIALS);
	});

	it('accepts a credential', async () => {
		const { id } = lab().credentials[AI_CHATS]!;
		const data = { baseUrl: lab().service.url };
		expect(await lab().client.testCredential(AI_CHATS, id, data)).toMatchObject({ status: 'OK' });
	});

	it('chats and draws', async () => {
		await expectChatAndImage(lab(), await createChatAndImage(lab()));
	});

	it('chats and draws with an OpenAI-compatible server', async () => {
		const options = { provider: 'openAiCompatible' } as const;
		const chat = chatNode('Chat', 'a red kite', options);
		const image = imageNode('Image', '={{ $json.text }}', options);
		const links = chain(manualTrigger(), chat, image);
		const execution = await run(lab(), workflow('Smoke', ...links));
		expect(execution.status).toBe('success');
		expect(itemsOf(execution, 'Chat')[0]?.json['text']).toMatch(/red kite/);
		expect(itemsOf(execution, 'Image')[0]?.binary?.['data']?.mimeType).toBe('image/png');
	});

	it('gives a chain a chat model where n8n has the SDK, and says so where not', async () => {
		const { status, data, text } = await runChain(lab());
		if (await hasSdk(version)) {
			expect([status, text]).toEqual(['success', expect.stringMatching(/red kite/)]);
		} else {
			expect(status).toBe('error');
			// Some versions show it as the description, below which node it was.
			const { message, description } = data.resultData.error as NodeError;
			expect(`${message}\n${description}`).toMatch(
				/The AiChats Chat Model needs n8n 2\.20 or later/,
			);
		}
	});
}

async function runChain(lab: Lab) {
	const root = basicLlmChain('a red kite');
	const model = subNode(chatModel('openAiCompatible'), root, 'ai_languageModel');
	const links = [...chain(manualTrigger(), root), model];
	const execution = await run(lab, workflow('Chat model', ...links));
	const ran = execution.status === 'success';
	return { ...execution, text: ran ? itemsOf(execution, root.name)[0]?.json['text'] : undefined };
}

/** n8n lets nodes have what it depends on itself. */
async function hasSdk(version: string | undefined): Promise<boolean> {
	const { program } = await installN8n({ version });
	try {
		createRequire(program).resolve('@n8n/ai-node-sdk');
		return true;
	} catch {
		return false;
	}
}
