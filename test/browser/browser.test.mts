import { beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { OWNER } from '../../dev/n8n/N8nClient.mts';
import { importExamples } from '../../dev/importExamples.mts';
import { save } from '../n8n/runs.mts';
import { useLab } from '../n8n/useLab.mts';
import { addToNewWorkflow, chat, execute, tenScenes } from './compose.mts';
import type { Editor } from './pages/Editor.mts';
import { Film, lookedAt, shown } from './screenshots.mts';
import { useEditor } from './useEditor.mts';

const CHAT = 'Chat with a model';
const IMAGE = 'Generate an image';
const OPENAI_COMPATIBLE = 'OpenAI-Compatible';
/** What is shown where a program has forgotten a case. */
const RAW = /undefined|\[object |NaN|\bnull\b|TypeError/;

describe('The editor of n8n', { timeout: 300_000 }, () => {
	const lab = useLab('browser');
	const openEditor = useEditor('browser', lab);

	beforeAll(async () => void (await importExamples(lab())));
	beforeEach(() => lab().service.reset());

	/** What the service was asked in chats. */
	const chatBodies = () =>
		lab().service.requests.flatMap(({ path, body }) => (/\/chat\//.test(path) ? [body] : []));

	async function expectNothingRaw(editor: Editor): Promise<void> {
		expect(await editor.text()).not.toMatch(RAW);
	}

	it('lets the owner in', async () => {
		const editor = await openEditor({ isSignedIn: false });
		await editor.open();
		await expect.poll(() => editor.signIn.isShown()).toBe(true);
		await editor.signIn.signIn(OWNER);
		await editor.canvas.open('chat-and-image');
		await expect.poll(() => editor.canvas.nodeNames()).toContain('Draw it');
	});

	it('finds AiChats in the node creator, and takes it onto the canvas', async () => {
		const editor = await openEditor();
		await editor.canvas.openNew();
		await editor.canvas.openNodeCreator();
		await editor.nodeCreator.search('AiChats');
		await expect.poll(() => editor.nodeCreator.names()).toEqual(['AiChats', 'AiChats Chat Model']);
		await editor.nodeCreator.openNode('AiChats');
		await expect
			.poll(() => editor.nodeCreator.names())
			.toEqual(expect.arrayContaining([CHAT, IMAGE]));
		await editor.nodeCreator.dragAction(CHAT);
		await expect.poll(() => editor.node.labels()).toContain('Prompt');
		await editor.node.close();
		await expect.poll(() => editor.canvas.nodeNames()).toContain('AiChats');
	});

	it('tests a new credential', async () => {
		const { service } = lab();
		const editor = await openEditor();
		await addToNewWorkflow(editor, CHAT);
		await editor.node.choose('provider', OPENAI_COMPATIBLE);
		await editor.node.createCredential();
		await editor.credential.choose('service', 'OpenRouter');
		await expect.poll(() => editor.credential.text()).toContain('openrouter.ai/settings/keys');
		await editor.credential.screenshot(shown('credential.png'));
		await editor.credential.choose('service', 'Other');
		await editor.credential.fill('apiKey', 'local');
		await editor.credential.fill('baseUrl', `${service.url}/nowhere`);
		await editor.credential.save();
		await editor.credential.showFailure();
		await expect
			.poll(() => editor.credential.text())
			.toContain('No OpenAI-compatible server answers at this base URL');
		await expectNothingRaw(editor);
		await editor.credential.fill('baseUrl', service.url);
		await editor.credential.testAgain();
		await editor.credential.success();
		await editor.credential.save();
		await editor.credential.closed();
		await expect.poll(() => editor.node.credential()).toBe('AiChats OpenAI-Compatible account 2');
		await editor.node.listModels();
		await editor.node.chooseModel('gpt-4o-mini');
		await chat(editor, 'a lighthouse at dusk');
	});

	it('lists the models of the server, and chats with the chosen one', async () => {
		const editor = await openEditor();
		await addToNewWorkflow(editor, CHAT);
		await editor.node.choose('provider', OPENAI_COMPATIBLE);
		await editor.node.chooseCredential('AiChats OpenAI-Compatible account');
		await expect.poll(() => editor.node.model()).toBe('Choose a model…');
		await editor.node.listModels();
		await expect
			.poll(() => editor.node.models())
			.toEqual(expect.arrayContaining(['llama3.2:1b', 'qwen2.5:7b-instruct']));
		await editor.node.chooseModel('llama3.2:1b');
		await expect.poll(() => editor.node.model()).toBe('llama3.2:1b');
		await chat(editor, 'a red kite');
		await expect.poll(chatBodies).toMatchObject([{ model: 'llama3.2:1b' }]);
	});

	it('chats as soon as there are a credential and a prompt', async () => {
		const editor = await openEditor();
		await addToNewWorkflow(editor, CHAT);
		await expect.poll(() => editor.node.credential()).toBe('AiChats account');
		await expect
			.poll(() => editor.node.labels())
			.toEqual([
				'Credential',
				'Provider',
				'Operation',
				'Model',
				'Prompt',
				'System Message',
				'Message History',
				'Response Format',
				'Simplify',
				'Include Other Input Fields',
				'Options',
				'Limits and Cost',
			]);
		await chat(editor, 'a lighthouse at dusk');
		await expectNothingRaw(editor);
		await editor.screenshot(lookedAt('chat.png'));
	});

	it('draws once the operation is changed, and shows the image', async () => {
		const editor = await openEditor();
		await addToNewWorkflow(editor, CHAT);
		await editor.node.choose('operation', 'Image');
		await expect.poll(() => editor.node.model()).toBe('dalle (default)');
		await execute(editor, 'a lighthouse at dusk');
		await expect.poll(() => editor.output.text()).toContain('a-lighthouse-at-dusk.png');
		await editor.output.viewFile();
		await expect.poll(() => editor.output.image()).toEqual({ width: 1024, height: 1024 });
	});

	it('draws as soon as there are a credential and a prompt', async () => {
		const editor = await openEditor();
		await addToNewWorkflow(editor, IMAGE);
		await expect
			.poll(() => editor.node.labels())
			.toEqual([
				'Credential',
				'Provider',
				'Operation',
				'Model',
				'Prompt',
				'Output',
				'Put Output File in Field',
				'Include Other Input Fields',
				'Options',
				'Limits and Cost',
			]);
		await execute(editor, 'a lighthouse at dusk');
		await editor.output.viewFile();
		await expect.poll(() => editor.output.image()).toMatchObject({ width: 1024 });
		await expectNothingRaw(editor);
		await editor.screenshot(shown('image.png'));
	});

	it('shows what failed, with our message', async () => {
		const editor = await openEditor();
		await addToNewWorkflow(editor, CHAT);
		await editor.node.fill('prompt', 'a lighthouse [[captcha]]');
		await editor.node.execute();
		await expect
			.poll(() => editor.output.error())
			.toEqual({
				message: 'The service asks for a captcha',
				description: expect.stringContaining('paste your own session cookie into the credential'),
			});
		await expectNothingRaw(editor);
		await editor.screenshot(lookedAt('error.png'));
	});

	it('shows an answer in the chat window while it is written', async () => {
		const editor = await openEditor();
		await editor.canvas.open('chat-bot');
		await editor.chat.open();
		const hold = lab().service.holdAfter(3);
		await editor.chat.send('a lighthouse at dusk');
		await hold.reached;
		await expect.poll(() => editor.chat.answer()).toMatch(/^A picture/);
		const begun = await editor.chat.answer();
		expect(begun).not.toContain('horizon');
		hold.release();
		await expect.poll(() => editor.chat.answer()).toMatch(/a low horizon/);
		await expect.poll(() => editor.chat.answer()).toContain(begun);
		await editor.screenshot(lookedAt('chat-window.png'));
	});

	it('answers in the chat window about a PDF that is attached there', async () => {
		const editor = await openEditor();
		await editor.canvas.open('chat-bot-that-reads-files');
		await editor.chat.open();
		const bill = Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(300_000, 'a bill\n')]);
		await editor.chat.attach('bill.pdf', bill, 'application/pdf');
		await editor.chat.send('How much is it?');
		await expect
			.poll(() => editor.chat.answer())
			.toContain(`application/pdf "bill.pdf" of ${bill.length} bytes`);
		await expectNothingRaw(editor);
		await editor.screenshot(lookedAt('chat-with-file.png'));
	});

	it('shows a run of ten items from its start to its images', async () => {
		const { id } = await save(lab(), tenScenes);
		const editor = await openEditor();
		const film = new Film(editor);
		await editor.canvas.open(id);
		await editor.canvas.fit();
		await film.take(1500);
		const hold = lab().service.holdAfter(3);
		await editor.canvas.start();
		await hold.reached;
		await editor.canvas.running('Describe it');
		await film.take(1500);
		hold.release();
		await editor.canvas.succeeded('Draw it');
		await film.take(1500);
		await editor.canvas.openNode('Describe it');
		await expect.poll(() => editor.output.text()).toMatch(/10 items.*A picture of a lighthouse/s);
		await film.take(3000);
		await editor.node.close();
		await editor.canvas.openNode('Draw it');
		await expect.poll(() => editor.output.text()).toContain('10 items');
		await editor.output.viewFile();
		await expect.poll(() => editor.output.image()).toMatchObject({ width: 1024 });
		await film.take(3000);
		await expectNothingRaw(editor);
		expect(lab().service.statistics().mostInFlight).toBeGreaterThan(1);
		expect(await film.keep(shown('run.gif'))).toBeLessThan(400_000);
	});

	it.each([
		['light', 'aichats.svg', lookedAt('canvas.png')],
		['dark', 'aichats.dark.svg', lookedAt('canvas-dark.png')],
	] as const)('has an icon for %s screens', async (colorScheme, file, screenshot) => {
		const editor = await openEditor({ colorScheme });
		await editor.canvas.open('chat-and-image');
		await expect.poll(() => editor.canvas.icon('Draw it')).toEqual({ file, width: 60 });
		await editor.canvas.execute('Draw it');
		await editor.canvas.fit();
		await expectNothingRaw(editor);
		await editor.screenshot(screenshot);
	});
});
