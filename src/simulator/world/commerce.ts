import type { proto } from '@whiskeysockets/baileys';
import { kindOf } from './layout.ts';
import { authorOf } from './people/author.ts';
import { bakeryOrder, businessJid, shops } from './shop.ts';
import type { Thread } from './thread.ts';

/** The newest text of one side of a chat; undefined when a chat of this size has none. */
function newestText(thread: Thread, mine: boolean): number | undefined {
  for (let row = 0; row < thread.rows; row++) {
    if (kindOf(thread, row) === 'text' && (authorOf(thread, row) === undefined) === mine) return row;
  }
  return undefined;
}

function productCard(): proto.IMessage {
  const product = shops.get(businessJid)!.catalog!.products[0]!;
  const { id, name, description, price, currency } = product;
  return {
    productMessage: {
      businessOwnerJid: businessJid,
      product: {
        productId: id,
        title: name,
        description: description!,
        currencyCode: currency!,
        priceAmount1000: price!,
        productImageCount: 1,
      },
    },
  };
}

function placedOrder(): proto.IMessage {
  const { id, token, items } = bakeryOrder;
  return {
    orderMessage: {
      orderId: id,
      token,
      sellerJid: businessJid,
      itemCount: items.reduce((sum, { quantity }) => sum + quantity, 0),
      orderTitle: 'Quillmore Bakery',
      message: 'For Saturday, please.',
    },
  };
}

/** Replaces a text in the chat with the business: an order that I placed, or a product that it sent me. */
export function commerceAt(thread: Thread, row: number): proto.IMessage | undefined {
  if (thread.jid !== businessJid) return undefined;
  if (row === newestText(thread, true)) return placedOrder();
  return row === newestText(thread, false) ? productCard() : undefined;
}
