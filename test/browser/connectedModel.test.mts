import type { INode } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import { drawn } from '../engine/drawnImage.mts';
import {
	aiAgent,
	chatModel,
	chatNode,
	connectedChat,
	imageNode,
	openAiChatModel,
} from '../n8n/aiWorkflows.mts';
import { save } from '../n8n/runs.mts';
import { useLab } from '../n8n/useLab.mts';
import {
	chain,
	editFields,
	manualTrigger,
	splitOut,
	subNode,
	workflow,
} from '../n8n/workflows.mts';
import { addToNewWorkflow } from './compose.mts';
import type { Editor } from './pages/Editor.mts';
import { lookedAt } from './screenshots.mts';
import { useEditor } from './useEditor.mts';

const PROVIDER = 'openAiCompatible';
const KITE = 'kite [[size width=48 height=32]]';

describe('Chat models in the editor of n8n', { timeout: 300_000 }, () => {
	const lab = useLab('connectedModel');
	const openEditor = useEditor('connectedModel', lab);

	/** The numbers of the kites whose answers can be read in the output, from the top. */
	async function kites(editor: Editor): Promise<number[]> {
		const answers = (await editor.output.text()).matchAll(/A picture of kite (\d+):/g);
		return [...answers].map(([, index]) => Number(index));
	}

	it('asks for neither credential nor model where a chat model is connected', async () => {
		const editor = await openEditor();
		await addToNewWorkflow(editor, 'Chat with a model');
		await expect.poll(() => editor.node.labels()).toContain('Credential');
		await editor.node.choose('provider', 'Connected Chat Model');
		await expect
			.poll(() => editor.node.labels())
			.toEqual([
				'Provider',
				'Operation',
				'Prompt',
				'System Message',
				'Message History',
				'Response Format',
				'Simplify',
				'Include Other Input Fields',
				'Options',
				'Limits and Cost',
			]);
		// n8n's panel looks for inputs when it is opened; the canvas shows them at once.
		await editor.node.close();
		await editor.canvas.openNode('AiChats');
		await expect.poll(() => editor.node.inputs()).toEqual(['Chat Model *', 'Memory']);
	});

	it("runs 20 items through n8n's OpenAI Chat Model, in order", async () => {
		const items = Array.from({ length: 20 }, (_, index) => ({ subject: `kite ${index}` }));
		const chat = connectedChat('Chat', '={{ $json.subject }}');
		const nodes = [manualTrigger(), editFields('List', { items }), splitOut('Items'), chat];
		const model = subNode(openAiChatModel(), chat, 'ai_languageModel');
		const { id } = await save(lab(), workflow('Connected', ...chain(...nodes), model));
		lab().service.reset();
		const editor = await openEditor();
		await editor.canvas.open(id);
		await editor.canvas.execute('Chat');
		await editor.canvas.fit();
		await editor.screenshot(lookedAt('connected-model.png'));
		await editor.canvas.openNode('Chat');
		await expect.poll(() => editor.output.text()).toContain('20 items');
		await expect.poll(() => kites(editor)).toEqual(items.map((_, index) => index));
		await expect.poll(() => lab().service.statistics().requests).toBe(20);
		expect(lab().service.statistics().mostInFlight).toBeLessThanOrEqual(5);
	});

	async function openNode(node: INode): Promise<Editor> {
		const { id } = await save(lab(), workflow(node.name, ...chain(manualTrigger(), node)));
		const editor = await openEditor();
		await editor.canvas.open(id);
		await editor.canvas.openNode(node.name);
		return editor;
	}

	/** The editor shows the file that the service draws for 'kite'. */
	async function expectKite(editor: Editor): Promise<void> {
		await editor.output.viewFile();
		await expect.poll(() => editor.output.image()).toEqual({ width: 48, height: 32 });
		const expected = await drawn('kite');
		await expect.poll(async () => expected.equals(await editor.output.imageFile())).toBe(true);
	}

	it('shows the image of a model that draws in its chat', async () => {
		const model = { __rl: true, mode: 'id', value: 'google/gemini-2.5-flash-image' };
		const parameters = { model };
		const editor = await openNode(imageNode('Draw', KITE, { provider: PROVIDER, parameters }));
		lab().service.reset();
		await editor.node.execute();
		await editor.output.succeeded();
		await expect.poll(() => editor.output.text()).toContain('image/png');
		await expectKite(editor);
		const asked = lab().service.requests.filter(({ method }) => method === 'POST');
		expect(asked).toMatchObject([
			{ path: '/v1/images/generations' },
			{ path: '/v1/chat/completions', body: { modalities: ['image', 'text'] } },
		]);
		await editor.screenshot(lookedAt('drawn-in-chat.png'));
	});

	it('shows the text of a chat and the image that came with it', async () => {
		const data = (await drawn('kite')).toString('base64');
		const answer = `Here it is. ![a kite](data:image/png;base64,${data})`;
		const prompt = `kite [[text value="${answer}"]]`;
		const editor = await openNode(chatNode('Chat', prompt, { provider: PROVIDER }));
		await editor.node.execute();
		await editor.output.succeeded();
		await expectKite(editor);
		await editor.screenshot(lookedAt('chat-with-image.png'));
		await editor.output.viewTable();
		await expect.poll(() => editor.output.text()).toMatch(/Here it is\..*image\.png/s);
	});

	it('lets an agent on the AiChats Chat Model see an image', async () => {
		const draw = imageNode('Draw', KITE, { provider: PROVIDER });
		const agent = aiAgent('What is it?');
		const model = subNode(chatModel(PROVIDER), agent, 'ai_languageModel');
		const nodes = chain(manualTrigger(), draw, agent);
		const { id } = await save(lab(), workflow('Agent', ...nodes, model));
		const editor = await openEditor();
		await editor.canvas.open(id);
		await editor.canvas.execute('AI Agent');
		await editor.canvas.openNode('AI Agent');
		await expect.poll(() => editor.output.text()).toContain('It came with 1 image: image/png');
	});
});
