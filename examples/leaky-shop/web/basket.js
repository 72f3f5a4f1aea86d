// The basket of one visitor, kept in the browser.
import groupBy from "lodash/groupBy.js";

export function bySeller(items) {
  return groupBy(items, (item) => item.seller);
}
