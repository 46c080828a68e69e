import { g4f } from './g4f.mts';
import { llamaCpp } from './llamaCpp.mts';
import { llamaCppPython } from './llamaCppPython.mts';
import { lmProxy } from './lmProxy.mts';
import { ollama } from './ollama.mts';
import type { ServerRecipe } from './recipe.mts';

/** The servers that the package is tried with, the quickest to obtain first. */
export const SERVERS: readonly ServerRecipe[] = [llamaCpp, g4f, lmProxy, ollama, llamaCppPython];
