// The library types its main entry only; this build has the same interface without `new Function`.
declare module 'msgpackr/index-no-eval' {
  export { Packr, Unpackr } from 'msgpackr';
}
