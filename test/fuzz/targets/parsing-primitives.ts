/** Signatures that are all genuine: what is behind them is to be read, too. Hashes are real. */

import type { Primitives } from '../../../protocol/primitives.ts';
import { swiftPrimitives } from '../../simulation/swift-primitives.ts';

export const trustingPrimitives: Primitives = { ...swiftPrimitives, verify: () => true };
