import type { Attempts } from './directives/attempts.mts';
import type { Directive } from './directives/directive.mts';
import type { Holds } from './holds.mts';
import type { LocalServiceOptions } from './options.mts';
import type { ImageSink } from './pictures/store.mts';
import type { Connections } from './recording/connections.mts';
import type { Recorder } from './recording/recorder.mts';

/** What all requests of one running service share. */
export interface ServiceContext {
	options: LocalServiceOptions;
	/** Known once both origins listen. */
	url: string;
	picturesUrl: string;
	connections: Connections;
	recorder: Recorder;
	holds: Holds;
	attempts: Attempts;
	images: ImageSink;
	/** Directives of the options. */
	standing: readonly Directive[];
}
