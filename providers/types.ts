import type { JsonObject } from './decode/json';

/** Who said it. */
export type Role = 'system' | 'user' | 'assistant';

/** How closely a model looks at an image, in the words of OpenAI's API. */
export type ImageDetail = 'auto' | 'low' | 'high';

/** A file sent along with a message, or the `http(s):` or `data:` URL of an image. */
export type Attachment = AttachedFile | { kind: 'link'; url: string; detail?: ImageDetail };

/** What a file is was read from its bytes. */
export interface AttachedFile {
	kind: 'image' | 'pdf' | 'audio';
	/** e.g. `image/png` */
	mimeType: string;
	fileName: string;
	/** In base64, or where the bytes come from when they are sent. */
	content: string | ByteSource;
	/** Of images. */
	detail?: ImageDetail;
}

/** Bytes that are read when they are needed, from their beginning each time. */
export interface ByteSource {
	/** In bytes. */
	size: number;
	/** Of bytes that are stored somewhere: equal ids, equal bytes. */
	id?: string;
	read(): AsyncIterable<Uint8Array>;
}

/** A call that a model asks for. */
export interface ToolCall {
	/** By which its result refers to it. */
	id: string;
	name: string;
	/** The arguments' JSON, as the model wrote it. */
	arguments: string;
	/**
	 * Fields of the call that this package does not know, such as Gemini's `extra_content`: the service
	 * may want them back, unchanged, with the call's result.
	 */
	extra?: Record<string, unknown>;
}

/** One turn of a conversation. */
export interface Message {
	/** `tool` for the result of a tool call. */
	role: Role | 'tool';
	content: string;
	/** Files shown to the model with this turn, where the provider takes them. */
	attachments?: readonly Attachment[];
	/** The calls that an assistant's turn asked for. */
	toolCalls?: readonly ToolCall[];
	/** Which call a `tool` turn answers. */
	toolCallId?: string;
	/** What the model thought before this turn: some servers want it back beside tool calls. */
	reasoning?: string;
}

/** How the answer's text is to be shaped. */
export type ResponseFormat =
	| { type: 'text' }
	| { type: 'json_object' }
	| {
			type: 'json_schema';
			name: string;
			schema: JsonObject;
			/** Whether the service makes the model keep to the schema exactly, where it can (OpenAI, Structured Outputs). */
			strict?: boolean;
			/** Whether the model should read the schema, too: servers that only enforce one do not show it (llama.cpp). */
			isExplained?: boolean;
			/** The one field of the object whose value is the output. */
			unwrap?: string;
	  };

/** A function the model may call. */
export interface ToolDefinition {
	name: string;
	description?: string | undefined;
	/** JSON Schema of the arguments. */
	parameters: JsonObject;
}

/** How text is made, in the units of OpenAI's API (reference, chat). What is undefined is not sent. */
export interface ChatOptions {
	temperature?: number | undefined;
	topP?: number | undefined;
	/** Most tokens of the answer. */
	maxTokens?: number | undefined;
	frequencyPenalty?: number | undefined;
	presencePenalty?: number | undefined;
	stop?: readonly string[] | undefined;
	seed?: number | undefined;
	reasoningEffort?: string | undefined;
	/** Whether the system message is marked for the caches of services that cache nothing else (Anthropic's models). */
	cacheSystemMessage?: boolean | undefined;
	/** Whether the model may search the web, where the service can. */
	webSearch?: boolean | undefined;
	responseFormat?: ResponseFormat | undefined;
	tools?: readonly ToolDefinition[] | undefined;
}

/** How images are made, in the words of OpenAI's API (reference, images). What is undefined is not sent. */
export interface ImageOptions {
	/** How many images. */
	count?: number | undefined;
	/** e.g. `1024x1024` */
	size?: string | undefined;
	/** e.g. `16:9` */
	aspectRatio?: string | undefined;
	quality?: string | undefined;
	style?: string | undefined;
	background?: string | undefined;
	/** `png`, `jpeg` or `webp` */
	outputFormat?: string | undefined;
	seed?: number | undefined;
	/** `url` or `b64_json`, for servers that ask */
	responseFormat?: string | undefined;
	/** Images to edit; the endpoint for edits is used then. */
	sources?: readonly ImageFile[] | undefined;
	/** Where the first source may be changed. */
	mask?: ImageFile | undefined;
}

/** A file to upload. */
export interface ImageFile {
	fileName: string;
	mimeType: string;
	bytes: Uint8Array;
}

/** What a request can say. Each provider takes what its service knows and leaves the rest. */
export interface GenerateOptions {
	/** Ends the request and the answer; its reason is thrown. */
	signal?: AbortSignal | undefined;
	/** Most text to take, in bytes of UTF-8. */
	maxAnswerSize?: number | undefined;
	/** Whether somebody reads the text while it arrives: otherwise a provider may fetch it whole. */
	isWatched?: boolean | undefined;
	/** Send the conversation turn by turn where the provider folds it otherwise. */
	nativeTurns?: boolean | undefined;
	chat?: ChatOptions | undefined;
	/** Asks for images instead of text, where the model does not already say so. */
	image?: ImageOptions | undefined;
	/** Fields of the body as the server knows them; they win over everything else. */
	extraBody?: JsonObject | undefined;
}

/** What a model is looked for. */
export type ModelKind = 'chat' | 'image';

/** Images as a service answers them: links, or the bytes themselves. */
export class ImageResponse {
	/**
	 * @param images links: `http(s):` or `data:` URLs
	 * @param alt the prompt they were made from; a service may have revised it
	 * @param content instead of links, the bytes of one image as they arrive. They must be read before
	 * the generator is asked for its next chunk.
	 * @param onOpened of links that a model may have made up: to be called once one was opened as an image, and
	 * none is to be handed on before
	 */
	constructor(
		readonly images: readonly string[],
		readonly alt: string,
		readonly content?: AsyncIterable<Uint8Array>,
		readonly onOpened?: () => void,
	) {}
}

/** Why an answer ended, in the words of OpenAI's API (`stop`, `length`, `content_filter`, `tool_calls`, …). */
export type FinishReason = string;

/** What an answer cost, in tokens, as far as the service tells. */
export interface Usage {
	promptTokens?: number;
	completionTokens?: number;
	totalTokens?: number;
	/** Of the prompt's tokens, those that came from a cache. */
	cachedTokens?: number;
	/** Of the prompt's tokens, those that were written to a cache. */
	cacheWriteTokens?: number;
	/** Of the completion's tokens, those that went into reasoning. */
	reasoningTokens?: number;
	/** What the service charged, in US dollars, where it says so. */
	cost?: number;
}

/** Where an answer's claims come from. */
export interface Source {
	url: string;
	title?: string;
	quote?: string;
}

/** A piece of a tool call: the name comes once, the arguments' JSON in fragments, the id every time. */
export interface ToolCallDelta {
	/** Which of the answer's calls, from 0. */
	index: number;
	id: string;
	name?: string;
	arguments: string;
	/** Unknown fields of the call, to be sent back unchanged (see ToolCall). */
	extra?: Record<string, unknown>;
}

/** What a provider yields while an answer arrives, in the order of its arrival. */
export type ProviderChunk =
	| { type: 'text'; text: string }
	| { type: 'reasoning'; text: string }
	| { type: 'toolCall'; delta: ToolCallDelta }
	| { type: 'image'; image: ImageResponse }
	/** One entry for each image, in their order; sent after them. */
	| { type: 'revisedPrompts'; prompts: Array<string | undefined> }
	/** Images of the answer that the service could not make, in its own words. */
	| { type: 'failedImages'; messages: readonly string[] }
	/** A sentence, without its period, about what was not done as requested. */
	| { type: 'note'; text: string }
	| { type: 'usage'; usage: Usage }
	| { type: 'sources'; sources: readonly Source[] }
	/** How likely the tokens were, entry by entry as the service sends them. */
	| { type: 'logprobs'; logprobs: readonly unknown[] }
	| { type: 'model'; model: string }
	| { type: 'finish'; reason: FinishReason };
