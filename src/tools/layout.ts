/** How an entry of one kind stands in the text of a result: one line, and a line below it for each entry inside. */
export interface Line {
  /** Fields whose values begin the line, in this order and without their names; `-` where one is absent. */
  columns: readonly string[];
  /** Fields that hold an entry, or a list of entries, of a kind of its own. */
  below?: Readonly<Record<string, Line>>;
}

/** The layout of each field that holds entries. */
export type Lines = Readonly<Record<string, Line>>;
