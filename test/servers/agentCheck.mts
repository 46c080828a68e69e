import { createRequire } from 'node:module';
import path from 'node:path';

import type { INodeType, ISupplyDataFunctions } from 'n8n-workflow';

import { installN8n } from '../../dev/n8n/installation.mts';
import { node } from '../engine/support.mts';
import { noCalls, NOTHING } from './modelChecks.mts';
import { type Check, expectThat, works } from './outcome.mts';
import { Place } from './Place.mts';

const AGENT = '@n8n/n8n-nodes-langchain.agent';
const TRIES = 12;

/** n8n's own AI Agent, over our Chat Model, with a tool that the model calls. */
export const agentCheck: Check = {
	name: 'AI Agent with a tool',
	async run({ place }) {
		const { endpoint } = await place('calls tools');
		const { agent, weather, used } = await n8nNodes();
		const at = await Place.open(endpoint, { [AGENT]: agent, 'test.weather': weather });
		try {
			for (let seed = 1; seed <= TRIES && used.length === 0; seed++) await runAgent(at, seed);
		} finally {
			await at.close();
		}
		if (used.length === 0) return await noCalls(await place('calls tools'));
		for (const input of used) expectThat(typeof input === 'object' && input !== null, used);
		return works(`tool run ${used.length} times`);
	},
};

async function runAgent(at: Place, seed: number): Promise<void> {
	const parameters = { promptType: 'define', text: 'Weather?', options: { maxIterations: 3 } };
	const root = { ...node('Agent', AGENT, parameters), typeVersion: 2.2 };
	const workflow = at.withModel({ seed, maxTokens: 200 }, root);
	workflow.nodes.push(node('Weather', 'test.weather', {}));
	workflow.connections['Weather'] = { ai_tool: [[{ node: 'Agent', type: 'ai_tool', index: 0 }]] };
	const { error } = await at.engine.run(workflow);
	// A model of random weights calls without end, or is cut in mid-call: both are told, not hidden.
	if (error !== undefined) {
		const isKnown = /iterations|tool call|limit|schema/i.test(error.message);
		expectThat(isKnown || NOTHING.test(error.message), error.message);
	}
}

/** The agent of the pinned n8n, and a tool that notes what it is called with. */
async function n8nNodes() {
	const { directory } = await installN8n();
	const folder = path.join(directory, 'node_modules/@n8n/n8n-nodes-langchain/dist/nodes');
	const require = createRequire(path.join(folder, 'index.js'));
	const { Agent } = require(path.join(folder, 'agents/Agent/Agent.node.js')) as {
		Agent: new () => INodeType;
	};
	const { DynamicStructuredTool } = require('@langchain/core/tools');
	const { z } = require('zod');
	const used: unknown[] = [];
	const weather = {
		description: {
			displayName: 'Weather',
			name: 'weather',
			group: ['transform'],
			version: 1,
			description: '',
			defaults: { name: 'Weather' },
			inputs: [],
			outputs: ['ai_tool'],
			properties: [],
		},
		async supplyData(this: ISupplyDataFunctions) {
			const response = new DynamicStructuredTool({
				name: 'get_weather',
				description: 'The weather of a city',
				schema: z.object({ city: z.string().max(8).optional() }),
				func: async (input: unknown) => {
					used.push(input);
					return 'sunny';
				},
			});
			return { response };
		},
	} as unknown as INodeType;
	return { agent: new Agent(), weather, used };
}
