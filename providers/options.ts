import type { JsonObject } from './decode/json';

/** How the answer's text is to be shaped. */
export type ResponseFormat =
	| { type: 'text' }
	| { type: 'json_object' }
	| { type: 'json_schema'; name: string; schema: JsonObject };

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
	responseFormat?: ResponseFormat | undefined;
	tools?: readonly ToolDefinition[] | undefined;
}

/** How pictures are made, in the words of OpenAI's API (reference, images). What is undefined is not sent. */
export interface ImageOptions {
	/** How many pictures. */
	count?: number | undefined;
	/** e.g. `1024x1024` */
	size?: string | undefined;
	quality?: string | undefined;
	style?: string | undefined;
	background?: string | undefined;
	/** `png`, `jpeg` or `webp` */
	outputFormat?: string | undefined;
	/** `url` or `b64_json`, for servers that ask */
	responseFormat?: string | undefined;
	/** Pictures to edit; the endpoint for edits is used then. */
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
	largestAnswer?: number | undefined;
	/** Send the conversation turn by turn where the provider folds it otherwise. */
	nativeTurns?: boolean | undefined;
	chat?: ChatOptions | undefined;
	/** Asks for pictures instead of text, where the model does not already say so. */
	image?: ImageOptions | undefined;
	/** Fields of the body as the server knows them; they win over everything else. */
	extraBody?: JsonObject | undefined;
}

/** What a model is looked for. */
export type ModelKind = 'chat' | 'image';
