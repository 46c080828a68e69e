import { AsyncLocalStorage } from 'node:async_hooks';

import type { Container } from '@n8n/di';

export type ServiceClass = abstract new (...dependencies: never[]) => object;

/** The n8n services that belong to one engine, by their class. */
export type ServiceScope = Map<ServiceClass, object>;

const currentScope = new AsyncLocalStorage<ServiceScope>();

/**
 * n8n-core asks one global container for its services, so two engines would share one binary
 * storage and one network guard. The container therefore holds a stand-in, which passes every
 * call on to the service of the engine whose run is making it.
 */
export function scopeService(container: typeof Container, service: ServiceClass): void {
	const standIn = new Proxy({}, { get: (_, property) => readScoped(service, property) });
	container.set(service as Parameters<typeof container.set>[0], standIn);
}

/** Everything that `action` starts, timers and socket events too, uses the scope's services. */
export function runInScope<Result>(scope: ServiceScope, action: () => Result): Result {
	return currentScope.run(scope, action);
}

function readScoped(serviceClass: ServiceClass, property: string | symbol): unknown {
	const service = currentScope.getStore()?.get(serviceClass);
	if (!service) {
		throw new Error(`n8n's ${serviceClass.name} was used outside of an engine's run`);
	}
	const value: unknown = Reflect.get(service, property, service);
	return typeof value === 'function' ? value.bind(service) : value;
}
