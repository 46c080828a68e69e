import type { Editor } from './pages/Editor.mts';

/** Adds an AiChats node to a new workflow, as its action. Its parameters are open then. */
export async function addToNewWorkflow(editor: Editor, action: string): Promise<void> {
	await editor.canvas.openNew();
	await editor.canvas.openNodeCreator();
	await editor.nodeCreator.search('AiChats');
	await editor.nodeCreator.openNode('AiChats');
	await editor.nodeCreator.addAction(action);
}

/** Executes the open node with a prompt, and waits until it has succeeded. */
export async function execute(editor: Editor, prompt: string): Promise<void> {
	await editor.node.fill('prompt', prompt);
	await editor.node.execute();
	await editor.output.succeeded();
}
