export const missingModel = 'no-such-model';

const ids = [
	'gpt-4o-mini',
	'gpt-4',
	'gpt-4.1',
	'o4-mini',
	'llama3.2:1b',
	'qwen2.5:7b-instruct',
	'mistral-small',
	'deepseek-reasoner',
	'text-embedding-3-small',
	'dall-e-3',
	'gpt-image-1',
	'flux-schnell',
];

export const modelList = {
	object: 'list',
	data: ids.map((id) => ({ id, object: 'model', created: 1_700_000_000, owned_by: 'stand-in' })),
};
