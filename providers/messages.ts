/** Who said it. */
export type Role = 'system' | 'user' | 'assistant';

/** A picture sent along with a message. */
export interface AttachedImage {
	/** e.g. `image/png` */
	mimeType: string;
	/** The file in base64. */
	base64: string;
	/** How closely the model looks, in the words of OpenAI's API. */
	detail?: 'auto' | 'low' | 'high';
}

/** A call that a model asks for. */
export interface ToolCall {
	/** By which its result refers to it. */
	id: string;
	name: string;
	/** The arguments' JSON, as the model wrote it. */
	arguments: string;
}

/** One turn of a conversation. */
export interface Message {
	/** `tool` for the result of a tool call. */
	role: Role | 'tool';
	content: string;
	/** Pictures shown to the model with this turn, where the provider takes them. */
	images?: readonly AttachedImage[];
	/** The calls that an assistant's turn asked for. */
	toolCalls?: readonly ToolCall[];
	/** Which call a `tool` turn answers. */
	toolCallId?: string;
}
