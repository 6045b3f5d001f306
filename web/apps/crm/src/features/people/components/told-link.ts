/** A link that is told this once, and for whom it is. */
export interface ToldLink {
  kind: 'invitation' | 'reset';
  name: string;
  url: string;
}
