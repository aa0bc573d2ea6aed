/** The linked account, without device parts. */
export interface Me {
  pn: string;
  lid: string | null;
}
