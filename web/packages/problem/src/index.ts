/** Refusals as every server of the product answers them. How they are worded is in `wording`. */
export { unwrap } from './answer';
export { errorsByField, type Problem, ProblemError, type RefusedField } from './problem';
