import { chat, image, openAiChat, openAiImage } from './parameters.mts';

/** Name, Chat and Image of each provider, for tests that hold for both. */
export const providers: Array<[string, typeof chat, typeof image]> = [
	['Ai-Chats', chat, image],
	['an OpenAI-compatible server', openAiChat, openAiImage],
];
